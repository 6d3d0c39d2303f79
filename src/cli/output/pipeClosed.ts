/** The reader of a pipe has seen enough, as `head` does. */
export class PipeClosed extends Error {
  override readonly name = "PipeClosed";
}
