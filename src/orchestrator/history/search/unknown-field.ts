import type { SearchError } from './pieces.ts'

/** A name, a comparison, and something like a value. */
const comparison = /([\p{L}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?)(?:!=|>=|<=|==|[:=<>])(["“”„]|-?[\p{L}\p{N}.])\S*/uy
const port = /:\d{1,5}(?:[/?#,;.)]\S*)?$/
const others = ['status', 'agent', 'workflow', 'by', 'error', 'id', 'cost', 'tokens', 'duration', 'started']
const otherNames: Record<string, string> = {
  state: 'status',
  agent_id: 'agent',
  user: 'by',
  started_by: 'by',
  run: 'id',
  run_id: 'id',
  total_cost_usd: 'cost',
  total_tokens: 'tokens',
  duration_seconds: 'duration',
  started_at: 'started',
  time: 'started',
  since: 'started',
}

/** Undefined for plain words: without a name (`10:30`), without a value (`https://x.y`, `ValueError:`), or with a port
 * (`localhost:8000`). */
export function unknownField(text: string, at: number): SearchError | undefined {
  comparison.lastIndex = at
  const [written, name] = comparison.exec(text) ?? []
  if (written === undefined || name === undefined) return undefined
  const meant = knownName(name)
  const isHost = name === 'localhost' || (name.includes('.') && meant === undefined)
  if (isHost && port.test(written)) return undefined
  const instead =
    meant === undefined
      ? `Write in.${name} or out.${name}, or one of ${others.slice(0, -1).join(', ')} and ${others.at(-1)}; or put it in quotes to look for it as it is.`
      : `Write ${meant === name ? 'a name after each dot, as in in.topic' : meant}, or put it in quotes to look for it as it is.`
  return { error: `There is no field “${name}”. ${instead}`, at }
}

/** `inputs.topic` for `in.topic`, `Status` for `status`. */
function knownName(name: string): string | undefined {
  const small = name.toLowerCase()
  const side = /^(in|out)(?:puts?)?(?=$|\.)/.exec(small)
  if (side) return side[1]! + name.slice(side[0].length)
  return otherNames[small] ?? others.find((known) => small === known || small === `${known}s`)
}
