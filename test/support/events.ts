import { createEventStream, type EventStream } from '../../src/orchestrator/events.ts'

/** A stream of events, and the errors of what failed in the background, listeners included. */
export function createTestEvents(): { events: EventStream; errors: unknown[] } {
  const errors: unknown[] = []
  const events = createEventStream((error) => errors.push(error))
  events.on('failure', ({ error }) => errors.push(error))
  return { events, errors }
}
