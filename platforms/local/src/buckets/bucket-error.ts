/** A failure of the file store by S3's code for it, e.g. `NoSuchKey`. */
export class BucketError extends Error {
  override readonly name = "BucketError";
  readonly code: "NoSuchBucket" | "NoSuchKey" | "InvalidBucketName" | "InvalidKey" | "EntityTooLarge";
  constructor(code: BucketError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
