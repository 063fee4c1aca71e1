/* Tells the processor that a loop only waits. WebAssembly has no such instruction. */
#ifndef MMOE_RELAX_H
#define MMOE_RELAX_H

#if defined(__x86_64__) || defined(__i386__)
#define RELAX() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define RELAX() __asm__ volatile("yield")
#else
#define RELAX() ((void)0)
#endif

#endif
