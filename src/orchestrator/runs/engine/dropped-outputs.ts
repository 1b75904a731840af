import type { RunRecord } from '../../../store/ports/runs.ts'
import type { RunEvent } from '../state.ts'

export function outputsSize(event: RunEvent): number {
  return 'result' in event ? (event.result?.outputs?.length ?? 0) : 0
}

export function dropOutputs(event: RunEvent): void {
  if ('result' in event && event.result) event.result.outputs = null
}

/** Without its outputs, a run is not completed. */
export function withoutOutputs({ attempt }: RunRecord, event: RunEvent): RunEvent {
  if ('result' in event && event.result && event.kind !== 'completed')
    return { ...event, result: { ...event.result, outputs: null } }
  const size = `${(outputsSize(event) / 1_000_000).toFixed(1)} MB`
  const message = `The agent finished, but its answer (${size}) was dropped: the database could not be written, and too many other answers were waiting for that.`
  return { kind: 'lost', attempt, message }
}
