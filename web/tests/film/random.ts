/** Chance that is the same in every run. */
export interface Random {
  /** From 0 to below 1. */
  next(): number
  /** A whole number below this one. */
  below(end: number): number
  between(range: { least: number; most: number }): number
}

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    below: end => Math.floor(next() * end),
    between: ({ least, most }) => least + next() * (most - least),
  }
}
