import type { Slot, Slots } from '../../../shared/slots/slots.ts'
import type { RunRecord } from '../../../store/ports/runs.ts'
import { agentAt, type Callable } from '../../registry/target.ts'
import { createJobFollower, type FollowerDeps } from '../jobs/follow.ts'
import { isNameLost } from '../secrets/redaction.ts'
import type { ActiveRun } from './active-run.ts'
import { stoppedMessage } from './call.ts'
import { createRunSender, type SenderDeps } from './send.ts'

export type RunWorkDeps = Omit<SenderDeps & FollowerDeps, 'agentOf'> & {
  slots: Slots
  callable: (agentId: string) => Callable | undefined
}

export type RunWork = (run: ActiveRun, lostMessage?: string) => Promise<void>

const nameLostMessage =
  "The dashboard was restarted while the agent worked on this run. The job's name held a password and was not kept, so the agent can no longer be asked for the result."

export function createRunWork(deps: RunWorkDeps): RunWork {
  const { recorder, slots, stopping, callable } = deps
  const { record } = recorder
  const agentOf = ({ agentId, agentUrl }: RunRecord): Callable => callable(agentId!) ?? agentAt(agentUrl!)
  const send = createRunSender({ ...deps, agentOf })
  const followJob = createJobFollower({ ...deps, agentOf })

  async function carryOut(run: ActiveRun, slot: Slot): Promise<void> {
    const working = run.row.status === 'pending' ? await send(run) : run.row
    if (!working) return
    run.row = working
    if (isNameLost(working.jobId)) {
      await record(run, { kind: 'lost', attempt: working.attempt, message: nameLostMessage })
      return
    }
    await followJob(run, slot)
  }

  return async function work(run, lostMessage = stoppedMessage) {
    const { row, progress, stop } = run
    const { id, agentId, status, jobId, attempt } = row
    if (status !== 'pending' && jobId === null) {
      progress.isQueued = false
      await record(run, { kind: 'lost', attempt, message: lostMessage })
      return
    }
    const slot = jobId === null ? await slots.take(agentId!, id, stop.signal) : slots.seize(agentId!, id)
    if (!slot) return
    progress.isQueued = false
    try {
      if (!stopping.aborted) await carryOut(run, slot)
    } finally {
      slot.release()
    }
  }
}
