"""The random numbers of one game: xoshiro128++ (Blackman and Vigna 2019), four 32-bit words in the game's record.

A game has two such generators: ``rng`` for dice and cards, ``bot_rng`` for players that choose by chance. So the dice of a seed
are the same whoever plays.

The words are kept in int64 and every step masks to 32 bits, so nothing overflows and the interpreted engine draws the
same numbers as the compiled one.
"""

import numpy as np

from monopoly_env.compiled.jit import kernel

_MASK = 0xFFFFFFFF


def seed_words(seed: "int | np.random.SeedSequence | None") -> np.ndarray:
    """Eight words, int64 ``(8,)``: the states of a game's two generators, neither all zero."""
    sequence = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    words = sequence.generate_state(8, np.uint32).astype(np.int64)
    words[0] |= not words[:4].any()
    words[4] |= not words[4:].any()
    return words


@kernel
def next_word(rng):
    """Return the next 32 random bits and advance the state ``rng``, int64 ``(4,)``."""
    s0, s1, s2, s3 = rng[0], rng[1], rng[2], rng[3]
    total = (s0 + s3) & _MASK
    result = ((((total << 7) & _MASK) | (total >> 25)) + s0) & _MASK
    s2 ^= s0
    s3 ^= s1
    rng[1] = s1 ^ s2
    rng[0] = s0 ^ s3
    rng[2] = s2 ^ ((s1 << 9) & _MASK)
    rng[3] = ((s3 << 11) & _MASK) | (s3 >> 21)
    return result


@kernel
def below(rng, limit):
    """Return a random integer in ``0 .. limit - 1`` (bias below ``limit / 2**32``)."""
    return (next_word(rng) * limit) >> 32
