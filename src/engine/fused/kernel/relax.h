/*
 * Tells the processor that a loop only waits, for about as long everywhere: on most of Arm `yield` takes no
 * time, so that spins counted for x86's `pause` would be over long before a call; `isb` takes 10 to 20 ns.
 * WebAssembly has no such instruction.
 */
#ifndef MMOE_RELAX_H
#define MMOE_RELAX_H

#if defined(__x86_64__) || defined(__i386__)
#define RELAX() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define RELAX() __asm__ volatile("isb" ::: "memory")
#else
#define RELAX() ((void)0)
#endif

#endif
