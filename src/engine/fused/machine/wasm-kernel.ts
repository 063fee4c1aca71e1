/** The functions that kernel/wasm.c exports; addresses are in bytes. */
export interface WasmKernel {
  readonly __heap_base: { readonly value: number };
  readonly __stack_pointer: { value: number };
  instance_bytes(): number;
  vector_width(): number;
  configure(
    instance: number,
    arena: number,
    plan: number,
    numeric: number,
    fields: number,
    tasks: number,
  ): void;
  check_rows(
    instance: number,
    categorical: number,
    lists: number,
    listsLength: number,
    labels: number,
    rows: number,
    sizes: number,
    classes: number,
  ): number;
  prepare(
    instance: number,
    numeric: number,
    categorical: number,
    lists: number,
    longest: number,
    labels: number,
    weights: number,
    allLabelled: number,
    indices: number,
    count: number,
    mode: number,
    want: number,
    settings: number,
    store: number,
  ): void;
  store_bytes(instance: number, longest: number, count: number): number;
  begin(instance: number): void;
  run_thread(instance: number, number: number): void;
  quit(instance: number): void;
}

const functions = [
  'instance_bytes',
  'vector_width',
  'configure',
  'check_rows',
  'prepare',
  'begin',
  'run_thread',
  'quit',
  'store_bytes',
] as const;

export const isWasmKernel = (value: object): value is WasmKernel =>
  functions.every((name) => typeof Reflect.get(value, name) === 'function');
