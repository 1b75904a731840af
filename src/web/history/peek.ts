import type { RunCommands } from '../../orchestrator/runs/commands.ts'
import { payloadLine } from '../../shared/json/line.ts'
import { payloadValue } from '../../shared/json/payload.ts'
import { plural } from '../../shared/plural.ts'
import { formatCost } from '../format/numbers.ts'
import { presentRun, soFarSeconds } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'

type FoundRun = Awaited<ReturnType<RunCommands['run']>>

const maxText = 1500

export function presentPeek({ run }: FoundRun, times: Times) {
  const error = run.error?.trim() ?? ''
  return {
    ...presentRun(run, times),
    duration: formatDuration(run.durationSeconds ?? soFarSeconds(run, times.now)),
    cost: presentCost(run),
    inputs: payloadLine(run.inputs) ?? '',
    error: cut(error),
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
function presentResult(outputs: string): { name: string; text: string; isCut: boolean } {
  const value = payloadValue(outputs)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const texts = isObject
    ? Object.entries(value).filter((one): one is [string, string] => typeof one[1] === 'string')
    : []
  const [name, text] = texts.toSorted(([, a], [, b]) => b.length - a.length)[0] ?? ['', payloadLine(outputs) ?? '']
  return { name, text: cut(text), isCut: text.length > maxText }
}

function cut(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText).toWellFormed()}…` : text
}
