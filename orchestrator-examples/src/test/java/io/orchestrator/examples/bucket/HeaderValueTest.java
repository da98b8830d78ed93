package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class HeaderValueTest {
    @Test
    void parse_quotedText_keepsSeparatorsAndUnescapes() {
        HeaderValue header = HeaderValue.parse("Form-Data; Name = \"file\" ; filename=\"a;b=\\\"c\\\\d\\e\";");

        assertThat(header.value()).isEqualTo("form-data");
        assertThat(header.parameter("name")).isEqualTo("file");
        assertThat(header.parameter("filename")).isEqualTo("a;b=\"c\\d\\e");
        assertThat(header.parameter("other")).isNull();
    }

    @Test
    void parse_empty_hasNothing() {
        HeaderValue header = HeaderValue.parse("");

        assertThat(header.value()).isEmpty();
        assertThat(header.parameter("name")).isNull();
    }

    @Test
    void parse_malformed_isAFault() {
        assertThatThrownBy(() -> HeaderValue.parse("a; b=\"c")).hasMessageContaining("no closing quote");
        assertThatThrownBy(() -> HeaderValue.parse("a; b=\"c\"d")).hasMessageContaining("after its closing quote");
        assertThatThrownBy(() -> HeaderValue.parse("a; b; c=d")).hasMessageContaining("no value");
        assertThatThrownBy(() -> HeaderValue.parse("a; b=1; B=2")).hasMessageContaining("twice");
    }
}
