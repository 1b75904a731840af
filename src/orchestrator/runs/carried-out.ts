import type { RunSummary } from '../../store/ports/runs.ts'

type Of = { agentId: string | null | undefined } & Pick<RunSummary, 'isReported'>

/** The program that carries a run out itself; undefined of a run that is ours to send, and to stop waiting for. */
export function programOf({ agentId, isReported }: Of): string | undefined {
  if (isReported) return 'Its own program'
  return agentId === null || agentId === undefined ? 'The Python program' : undefined
}

export const onlyItStops = (program: string) => `${program} carries this run out itself; only it can stop it.`
