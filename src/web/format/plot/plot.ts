/** x in percent of the width, y in pixels from the top: words and lines keep their size when a plot is stretched. */
export type Plot = {
  id: string
  label: string
  height: number
  /** For the numbers at its left. */
  room: 'none' | 'narrow' | 'middle' | 'wide'
  levels: { y: number; label: string }[]
  moments: PlotMoment[]
  slots: PlotSlot[]
}

/** A word below the base line, and perhaps a line `below` it. Minor ones are left out where it is narrow. */
export type PlotMoment = {
  x: number
  label: string
  below?: string
  anchor: 'start' | 'middle' | 'end'
  isMinor: boolean
}

/** What is read out at once: a bar with its parts. `path` is empty where a click leads nowhere; `isSwapped`: into the page. */
export type PlotSlot = {
  id: string
  x: number
  width: number
  path: string
  isSwapped: boolean
  label: string
  parts: PlotPart[]
  /** Where two parts meet. */
  cuts: number[]
}

type PlotPart = { tone: string; x: number; width: number; y: number; height: number }

/** Says the same as the plot, a row for each slot. Read-outs are made of it. */
export type PlotTable = {
  caption: string
  when: string
  /** In a read-out, `word` follows the number, and a column that is silent is left out. */
  heads: { title: string; word: string; tone: string; isSilent: boolean }[]
  rows: { when: string; cells: string[] }[]
  /** A read-out without numbers. */
  none: string
}

/** Characters of 12 px beside a plot. */
export function roomFor(labels: string[]): Plot['room'] {
  const longest = Math.max(0, ...labels.map(({ length }) => length))
  return longest === 0 ? 'none' : longest <= 2 ? 'narrow' : longest <= 5 ? 'middle' : 'wide'
}

/** Words at the ends stay within the plot. */
export function anchorAt(x: number): PlotMoment['anchor'] {
  return x < 3 ? 'start' : x > 97 ? 'end' : 'middle'
}

export const round = (position: number): number => Math.round(position * 100) / 100
