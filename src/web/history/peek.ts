import type { RunCommands } from '../../orchestrator/runs/commands.ts'
import { payloadLine } from '../../shared/json/line.ts'
import { payloadValue } from '../../shared/json/payload.ts'
import { plural } from '../../shared/plural.ts'
import { formatCost } from '../format/numbers.ts'
import { presentProse, stepsOfPage } from '../format/prose.ts'
import { presentRun, soFarSeconds } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'

type FoundRun = Awaited<ReturnType<RunCommands['run']>>

const maxText = 1500
const maxLines = 60

export function presentPeek({ run }: FoundRun, times: Times) {
  const error = run.error?.trim() ?? ''
  return {
    ...presentRun(run, times),
    duration: formatDuration(run.durationSeconds ?? soFarSeconds(run, times.now)),
    cost: presentCost(run),
    inputs: payloadLine(run.inputs) ?? '',
    error: cut(error).text,
    result: run.outputs === null ? undefined : presentResult(run.outputs),
  }
}

function presentCost({ totalCostUsd, totalTokens }: FoundRun['run']): { usd: string; tokens: string } {
  const isUnknown = totalCostUsd === null && totalTokens === null
  return {
    usd: totalCostUsd === null && !isUnknown ? '' : formatCost(totalCostUsd),
    tokens: totalTokens === null ? '' : plural(totalTokens, 'token'),
  }
}

/** The longest text among the outputs, as it is what people came for; else all of them on one line. */
function presentResult(outputs: string): { name: string; text: string; prose: string | undefined; isCut: boolean } {
  const value = payloadValue(outputs)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const texts = isObject
    ? Object.entries(value).filter((one): one is [string, string] => typeof one[1] === 'string')
    : []
  const [longest] = texts.toSorted(([, a], [, b]) => b.length - a.length)
  const [name, whole] = longest ?? ['', typeof value === 'string' ? value : undefined]
  if (whole === undefined) return { name, ...cut(payloadLine(outputs) ?? ''), prose: undefined }
  const start = startOf(whole)
  const isWhole = start.length === whole.length
  const prose = presentProse(isWhole ? start : atBreak(start), { left: stepsOfPage }, whole.includes('\n'))
  return { name, ...cut(whole), prose }
}

function startOf(text: string): string {
  const start = text.slice(0, maxText).toWellFormed()
  return start.split('\n', maxLines).join('\n')
}

/** No line and no word of Markdown is cut in two, where that costs less than half. */
function atBreak(start: string): string {
  const end = ['\n', ' '].map((mark) => start.lastIndexOf(mark)).find((at) => at > start.length / 2)
  return end === undefined ? start : start.slice(0, end)
}

function cut(text: string): { text: string; isCut: boolean } {
  const start = startOf(text)
  const isCut = start.length < text.length
  return { text: isCut ? `${start}…` : text, isCut }
}
