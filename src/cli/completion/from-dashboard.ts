import { paths } from '../../web/http/paths.ts'
import { dashboardAt } from '../dashboard/command.ts'

/** Somebody waits at the Tab key. */
const silenceMs = 700
/** A shell would expand other names when they are run. */
const plain = /^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]*$/u

export async function agentIds(url: string | undefined): Promise<string[]> {
  const text = await answer(paths.agents(), url)
  if (text === undefined) return []
  const { agents }: { agents: { agent_id: string }[] } = JSON.parse(text)
  return agents.map(({ agent_id }) => agent_id).filter((id) => plain.test(id))
}

export async function runIds(url: string | undefined): Promise<string[]> {
  const text = await answer(paths.runs({ limit: '20' }), url)
  if (text === undefined) return []
  const { runs }: { runs: { run_id: string }[] } = JSON.parse(text)
  return runs.map(({ run_id }) => run_id).filter((id) => plain.test(id))
}

/** The flags of an agent's inputs, as its last known schema has them. */
export async function inputFlags(id: string, taken: string[], url: string | undefined): Promise<string[]> {
  const text = await answer(paths.lastAgentSchema(id), url)
  if (text === undefined) return []
  const [{ readInputSchema }, { flagsOf }] = await Promise.all([
    import('../../agent/schema/input-schema.ts'),
    import('../run/input-flags.ts'),
  ])
  const schema = readInputSchema(text)
  const flags = typeof schema === 'string' ? [] : flagsOf(schema, taken)
  return flags.flatMap(({ option }) => option?.long ?? []).filter((long) => plain.test(long.slice(2)))
}

/** Undefined for every failure: there is nobody to tell. */
async function answer(path: string, url: string | undefined): Promise<string | undefined> {
  try {
    return await dashboardAt(url).get(path, { silenceMs })
  } catch {
    return undefined
  }
}
