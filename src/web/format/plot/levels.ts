const mantissas = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/** What a plot ends with, and its two grid lines: half of it, and all. `least` is the smallest step between them. */
export function levelsUpTo(highest: number, least: number): { top: number; levels: [number, number] } {
  const half = Math.max(least, highest / 2)
  const power = 10 ** Math.floor(Math.log10(half))
  const round = mantissas.map((mantissa) => mantissa * power)
  // 2.5 runs are none.
  const step = round.find((one) => one >= half * (1 - 1e-9) && isMultiple(one, least))!
  return { top: 2 * step, levels: [step, 2 * step] }
}

const isMultiple = (value: number, of: number) => Math.abs(value / of - Math.round(value / of)) < 1e-6
