import { z } from 'zod'
import type { Admitted } from '../../orchestrator/agents/admission.ts'
import type { Done } from '../http/cookies/done.ts'

/** Of the check that was made because of what was saved. */
export const checkFields = z
  .strictObject({ ok: z.boolean(), message: z.string() })
  .optional()
  .describe('What a check found, where what was saved had to be checked')

export function checkedAsJson(checked: Admitted | undefined) {
  return checked && { ok: checked.problem === undefined, message: checked.problem ?? wordsFor(checked.found) }
}

/** `done` is a sentence without its stop. */
export function presentChecked(done: string, checked: Admitted | undefined): Required<Done> {
  if (!checked) return { message: `${done}.`, tone: 'good' }
  if (checked.problem === undefined) return { message: `${done}. ${wordsFor(checked.found)}`, tone: 'good' }
  return { message: `${done}, but it does not work yet. ${checked.problem}`, tone: 'waiting' }
}

function wordsFor({ outcome, reason }: NonNullable<Admitted['found']>): string {
  return outcome === 'degraded' ? `Checked: degraded, ${reason}.` : 'Checked: healthy.'
}
