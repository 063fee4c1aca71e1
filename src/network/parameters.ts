/** Weights, gradients or moments by parameter name; row-major. */
export type NamedArrays = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
