/**
 * The largest number of threads that a training can have: the experiment file takes no more, and the fused
 * engine's plan has room for as many.
 */
export const maxThreads = 256;
