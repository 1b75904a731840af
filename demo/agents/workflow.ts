import type { Random } from '../random.ts'
import type { InputDescription } from './check-inputs.ts'

export type Inputs = Record<string, unknown>
export type Outputs = Record<string, unknown>
type Range = readonly [low: number, high: number]

/** What an agent can do. `run` gets inputs that fit their types, with defaults where there are some. */
export type Workflow = {
  workflow: string
  inputs: Record<string, InputDescription>
  outputs: string[]
  /** Inputs as somebody might send them. */
  sample(random: Random): Inputs
  run(inputs: Inputs): Outputs
  /** Answers `POST /run` at once with a job id, and works in the background. */
  isAsync?: boolean
  /** A sentence that goes out with every answer to `POST /run`. */
  message: string
  work: Work
}

/** What one run takes, and why it fails now and then. Without `tokens`, none are reported. */
export type Work = {
  seconds: Range
  tokens?: Range
  usdPerToken?: number
  failures?: string[]
  failureShare?: number
}

/** The time, tokens and cost of one run. */
export function usageOf({ seconds, tokens, usdPerToken = 0 }: Work, random: Random) {
  // Most runs are near the low end, and a few take long.
  const along = random.between(0, 1) ** 2
  const between = ([low, high]: Range) => low + (high - low) * along
  const totalTokens = tokens ? Math.round(between(tokens)) : null
  const usd = totalTokens === null || usdPerToken === 0 ? null : Number((totalTokens * usdPerToken).toFixed(6))
  return { seconds: between(seconds), totalTokens, totalCostUsd: usd }
}

/** The reason, where the run is one of those that fail. */
export function failureOf({ failures = [], failureShare = 0 }: Work, random: Random): string | undefined {
  return failures.length > 0 && random.chance(failureShare) ? random.pick(failures) : undefined
}

export const required = (type: string, description: string): InputDescription => ({
  type,
  required: true,
  default: null,
  description,
})

export const optional = (type: string, description: string, standard: unknown): InputDescription => ({
  type,
  required: false,
  default: standard,
  description,
})

export const madeUp = 'Made up by a sample agent of the demo: no language model was asked.'
