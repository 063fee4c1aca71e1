/*
 * Tells the processor that a loop only waits. It takes about as long everywhere: on most Arm processors
 * `yield` takes no time, so spins counted for x86's `pause` would be over long before a call, while `isb`
 * takes 10 to 20 ns. WebAssembly has no such instruction.
 */
#ifndef MMOE_CPU_PAUSE_H
#define MMOE_CPU_PAUSE_H

#if defined(__x86_64__) || defined(__i386__)
#define CPU_PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define CPU_PAUSE() __asm__ volatile("isb" ::: "memory")
#else
#define CPU_PAUSE() ((void)0)
#endif

#endif
