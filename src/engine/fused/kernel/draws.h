/*
 * Random numbers of a training step, bit for bit those of src/network/draws.ts: each is a hash of the step's
 * key, a site and an index, so whichever thread or vector width computes it, it is the same. All arithmetic
 * is modulo 2^32.
 */
#ifndef MMOE_DRAWS_H
#define MMOE_DRAWS_H
#include "vector.h"

typedef unsigned vu __attribute__((vector_size(WIDTH * 4)));

/* The same text for one number and for a vector of them. */
#define MIX_BITS(x)  \
  x ^= x >> 16;      \
  x *= 0x7feb352du;  \
  x ^= x >> 15;      \
  x *= 0x846ca68bu;  \
  x ^= x >> 16;

/* What all draws of a site share. */
INLINE unsigned draws_of(int key, int site) {
  unsigned x = (unsigned)key ^ (unsigned)site;
  MIX_BITS(x)
  return x;
}

/* 24 bits for each index: a uniform draw is 2^-24 of that. */
INLINE vi draw_bits_at(unsigned own, vu index) {
  vu x = index + own;
  MIX_BITS(x)
  x ^= own;
  MIX_BITS(x)
  return (vi)(x >> 8);
}

/* Of the indices first, first + 1 … */
INLINE vi draw_bits(unsigned own, unsigned first) { return draw_bits_at(own, (vu)lanes() + first); }

/* What dropout leaves out. `threshold`: the rate · 2^24, rounded up; 0: no dropout. */
struct dropout {
  unsigned own;
  int threshold;
};

#endif
