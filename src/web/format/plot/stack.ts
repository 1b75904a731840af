import { type PlotSlot, round } from './plot.ts'

/** Of the room of a bar. */
const barShare = 0.8

/** Stacks values from the base line up, in the order given. Heights are exact: nothing is made larger to be seen. */
export function stacked(
  values: { tone: string; value: number }[],
  { top, height }: { top: number; height: number },
  slot: { x: number; width: number },
): Pick<PlotSlot, 'parts' | 'cuts'> {
  const x = round(slot.x + (slot.width * (1 - barShare)) / 2)
  const width = round(slot.width * barShare)
  let below = 0
  const parts = values
    .filter(({ value }) => value > 0)
    .map(({ tone, value }) => {
      below += value
      return { tone, x, width, y: round(height * (1 - below / top)), height: round((height * value) / top) }
    })
  return { parts, cuts: parts.slice(0, -1).map(({ y }) => y) }
}
