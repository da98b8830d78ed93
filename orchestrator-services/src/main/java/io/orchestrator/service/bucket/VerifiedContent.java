package io.orchestrator.service.bucket;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.service.internal.Answer;
import java.io.IOException;
import java.io.InputStream;

/** A download that is compared with the object's tag when the whole object was read. */
final class VerifiedContent extends InputStream implements BucketContent {
    private final BucketObject object;
    private final long length;
    private final boolean whole;
    private final Answer answer;
    private final Sha256 bytes;
    private boolean verified;

    VerifiedContent(BucketObject object, long length, boolean whole, Answer answer) {
        this.object = object;
        this.length = length;
        this.whole = whole;
        this.answer = answer;
        this.bytes = new Sha256(answer.body());
    }

    @Override
    public BucketObject object() {
        return object;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream stream() {
        return this;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) throws IOException {
        int taken = bytes.read(into, offset, wanted);
        if (bytes.count() > length) {
            throw wrong("has more than its " + length + " bytes");
        }
        if (taken < 0 && !verified) {
            verify();
            verified = true;
        }
        return taken;
    }

    private void verify() {
        if (bytes.count() != length) {
            throw wrong("has " + bytes.count() + " bytes instead of " + length);
        }
        if (whole && !bytes.hex().equals(object.etag())) {
            throw wrong("has other bytes than its tag stands for");
        }
    }

    private OrchestratorException wrong(String how) {
        close();
        return new OrchestratorException(
                ErrorCode.PROTOCOL_ERROR, "the download of '" + object.name() + "' " + how + "; do not use it");
    }

    @Override
    public void close() {
        answer.close();
    }
}
