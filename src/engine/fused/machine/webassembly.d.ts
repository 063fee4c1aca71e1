/**
 * Declares what this folder uses of WebAssembly: Node has it, but its types do not name it without a
 * browser's library.
 */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean });
    readonly buffer: SharedArrayBuffer;
    /** Returns the pages before; throws RangeError. */
    grow(pages: number): number;
  }
  /** A compiled module; node's types say so much. */
  interface Module {
    readonly constructor: unknown;
  }
  class Instance {
    constructor(module: Module, imports: { env?: { memory: Memory } });
    readonly exports: object;
  }
  type BufferSource = ArrayBufferView | ArrayBufferLike;
  function compile(bytes: BufferSource): Promise<Module>;
}
