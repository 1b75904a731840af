import { payloadValue } from '../../shared/json/payload.ts'
import { isJson, jsonEntries, looseValue } from '../../shared/json.ts'
import { isMembers } from '../../shared/members.ts'
import { fromDatetime } from '../../shared/time/python-datetime.ts'

/** Undefined where the state says nothing that makes sense. */
export type NodeFacts = {
  durationSeconds?: number | undefined
  /** In ms since 1970. */
  startedAt?: number | undefined
  endedAt?: number | undefined
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  tokens?: number | undefined
  costUsd?: number | undefined
  model?: string | undefined
  status?: string | undefined
  error?: string | undefined
}

type Members = Record<string, unknown>

const secondNames = ['duration_seconds', 'duration', 'latency_seconds', 'latency', 'elapsed_seconds', 'elapsed']
const millisecondNames = ['duration_ms', 'latency_ms', 'execution_time_ms', 'elapsed_ms', 'time_ms']
const containers = ['usage', 'metrics', 'metadata', 'token_usage', 'tokens']
const maxMemberLength = 4096

/** Reads JSON of many shapes, also with NaN, or a repr. `isWhole` is false when the text is only the start. */
export function readNodeFacts(text: string, nodeId: string, isWhole = true): NodeFacts {
  const all = membersOf(text, isWhole)
  const lookedInto = [all, ...containers.map((name) => all[name]).filter(isMembers)]
  const first = <T>(names: string[], read: (value: unknown) => T | undefined): T | undefined => {
    for (const members of lookedInto) {
      for (const name of names) {
        const value = Object.hasOwn(members, name) ? read(members[name]) : undefined
        if (value !== undefined) return value
      }
    }
    return undefined
  }
  const milliseconds = first([...millisecondNames, `_execution_time_ms_${nodeId}`], readAmount)
  const startedAt = first(['started_at', 'start_time', 'start'], readMoment)
  const endedAt = first(['completed_at', 'ended_at', 'finished_at', 'end_time', 'end'], readMoment)
  const inputTokens = first(['input_tokens', 'prompt_tokens'], readAmount)
  const outputTokens = first(['output_tokens', 'completion_tokens'], readAmount)
  return {
    durationSeconds:
      first(secondNames, readAmount) ??
      (milliseconds === undefined ? secondsBetween(startedAt, endedAt) : milliseconds / 1000),
    startedAt,
    endedAt,
    inputTokens,
    outputTokens,
    tokens: first(['total_tokens', 'tokens'], readAmount) ?? sum(inputTokens, outputTokens),
    costUsd: first(['cost_usd', 'total_cost_usd', 'cost', `_cost_usd_${nodeId}`], readAmount),
    model: first(['model', 'model_name'], readText),
    status: first(['status'], readText),
    error: first(['error', 'error_message', 'exception'], readError),
  }
}

function membersOf(text: string, isWhole: boolean): Members {
  if (!isWhole) return firstMembers(text)
  const value = payloadValue(text)
  return isMembers(value) ? value : {}
}

function firstMembers(text: string): Members {
  const members: Members = {}
  let before: [name: string, value: string] | undefined
  try {
    for (const entry of jsonEntries(text)) {
      // The last one may be cut off: 12 of 12.5.
      const [name, value] = before ?? ['', '']
      if (value.length <= maxMemberLength && isJson(value)) members[name] = looseValue(value)
      before = entry
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return members
}

function readAmount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

/** A date, or seconds or milliseconds since 1970. */
function readMoment(value: unknown): number | undefined {
  const number = readAmount(value)
  if (number !== undefined) return number > 1e11 ? number : number > 1e8 ? number * 1000 : undefined
  const at = typeof value === 'string' ? fromDatetime(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function readError(value: unknown): string | undefined {
  if (value === null || value === false || value === '') return undefined
  if (typeof value === 'string') return value
  return isMembers(value) ? (readText(value.message) ?? readText(value.detail) ?? JSON.stringify(value)) : String(value)
}

function secondsBetween(from: number | undefined, to: number | undefined): number | undefined {
  return from !== undefined && to !== undefined && to >= from ? (to - from) / 1000 : undefined
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
