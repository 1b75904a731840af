import type { SearchError } from './pieces.ts'

/** A name, a sign that compares, and something that could be a value. */
const comparison = /([\p{L}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?)(?:!=|>=|<=|==|[:=<>])(["“”„]|-?[\p{L}\p{N}.])\S*/uy
const port = /:\d{1,5}(?:[/?#,;.)]\S*)?$/
const others = ['status', 'agent', 'workflow', 'error', 'id', 'cost', 'tokens', 'duration', 'started']
/** What programs and tables call them. */
const otherNames: Record<string, string> = {
  state: 'status',
  agent_id: 'agent',
  run: 'id',
  run_id: 'id',
  total_cost_usd: 'cost',
  total_tokens: 'tokens',
  duration_seconds: 'duration',
  started_at: 'started',
  time: 'started',
  since: 'started',
}

/**
 * What is wrong with a comparison of a field that nobody knows. Undefined for what is looked for as it stands: what has
 * no name before the sign (`10:30`, `127.0.0.1:80`) or no value after it (`https://x.y`, `ValueError:`, `C:\x`,
 * `std::map`), and the port of a host (`localhost:8000`).
 */
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

/** `inputs.topic` is `in.topic` to a person, and `Status` is `status`. */
function knownName(name: string): string | undefined {
  const small = name.toLowerCase()
  const side = /^(in|out)(?:puts?)?(?=$|\.)/.exec(small)
  if (side) return side[1]! + name.slice(side[0].length)
  return otherNames[small] ?? others.find((known) => small === known || small === `${known}s`)
}
