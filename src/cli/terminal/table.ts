import stringWidth from 'string-width'
import { colored, type Tone } from './print.ts'
import { safeLine } from './safe-text.ts'
import { columnsOf, type Output } from './terminal.ts'

type Cell = string | { text: string; tone?: Tone | undefined }

export type Column<Row> = {
  title: string
  value(row: Row): Cell
  isNumber?: true
  /** May be cut to so many characters where the terminal is narrow. */
  minWidth?: number
  /** Left out first, the highest number before others, where the terminal is narrow. */
  leftOutAs?: number
}

const gap = '  '

/** Aligned columns. In a terminal they fit its width; elsewhere nothing is cut. Columns without any value are left out. */
export function tableLines<Row>(output: Output, all: Column<Row>[], rows: Row[]): string[] {
  const texts = (column: Column<Row>) => rows.map((row) => safeLine(textOf(column.value(row))))
  const filled = all.map((column) => ({ column, texts: texts(column) })).filter((one) => one.texts.some(Boolean))
  const shown = output.isTTY
    ? fitting(filled, columnsOf(output))
    : filled.map((one) => ({ ...one, width: fullWidth(one) }))
  const line = (cells: string[]) => cells.join(gap).trimEnd()
  const heads = shown.map(({ column, width }) => padded(cut(column.title, width), width, column.isNumber))
  return [
    colored(output, 'title', line(heads)),
    ...rows.map((row, index) =>
      line(
        shown.map(({ column, texts, width }) => {
          const cell = column.value(row)
          const text = padded(cut(texts[index]!, width), width, column.isNumber)
          return colored(output, typeof cell === 'string' ? undefined : cell.tone, text)
        }),
      ),
    ),
  ]
}

type Filled<Row> = { column: Column<Row>; texts: string[] }

function fullWidth<Row>({ column, texts }: Filled<Row>): number {
  return Math.max(stringWidth(column.title), ...texts.map((text) => stringWidth(text)))
}

/** Columns are left out until the rest fits with its cut columns at their narrowest. The room is shared among those. */
function fitting<Row>(filled: Filled<Row>[], columns: number) {
  let shown = filled.map((one) => ({ ...one, width: fullWidth(one) }))
  const least = ({ column, width }: (typeof shown)[number]) => Math.min(width, column.minWidth ?? width)
  const room = () => columns - gap.length * (shown.length - 1)
  const sum = (of: (one: (typeof shown)[number]) => number) => shown.reduce((total, one) => total + of(one), 0)
  while (sum(least) > room()) {
    const last = shown.toSorted((a, b) => (b.column.leftOutAs ?? 0) - (a.column.leftOutAs ?? 0))[0]
    if (!last?.column.leftOutAs) break
    shown = shown.filter((one) => one !== last)
  }
  for (let over = sum(({ width }) => width) - room(); over > 0; over--) {
    const widest = shown.filter((one) => one.width > least(one)).sort((a, b) => b.width - a.width)[0]
    if (!widest) break
    widest.width--
  }
  return shown
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}

function padded(text: string, width: number, isNumber?: true): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return isNumber ? space + text : text + space
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  let keptWidth = 0
  for (const { segment } of letters.segment(text)) {
    keptWidth += stringWidth(segment)
    if (keptWidth > width - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
