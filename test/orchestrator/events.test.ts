import { expect, test } from 'vitest'
import { createEventStream } from '../../src/orchestrator/events.ts'
import { localActor } from '../../src/shared/actor.ts'

function createStream() {
  const errors: unknown[] = []
  const events = createEventStream((error, name) => errors.push([name, error]))
  return { events, errors }
}

test('whoever listens to an event hears of it, in turn, and of no other', () => {
  const { events, errors } = createStream()
  const heard: string[] = []
  events.on('agent-removed', ({ agentId }) => heard.push(`first ${agentId}`))
  events.on('agent-removed', ({ agentId }) => heard.push(`second ${agentId}`))
  events.on('agent-changed', ({ agentId }) => heard.push(`changed ${agentId}`))
  events.emit('agent-removed', { agentId: 'writer', name: 'Writer', by: localActor })
  events.emit('history-read', {})
  expect(heard).toEqual(['first writer', 'second writer'])
  expect(errors).toEqual([])
})

test('a listener that throws harms nobody', () => {
  const { events, errors } = createStream()
  const heard: string[] = []
  const broken = new Error('broken')
  events.on('agent-removed', () => {
    throw broken
  })
  events.on('agent-removed', ({ agentId }) => heard.push(agentId))
  events.emit('agent-removed', { agentId: 'writer', name: 'Writer', by: localActor })
  expect(heard).toEqual(['writer'])
  expect(errors).toEqual([['agent-removed', broken]])
})

test('who has stopped listening hears nothing more', () => {
  const { events } = createStream()
  const heard: string[] = []
  const stop = events.on('agent-removed', ({ agentId }) => heard.push(agentId))
  events.emit('agent-removed', { agentId: 'a', name: 'Writer', by: localActor })
  stop()
  events.emit('agent-removed', { agentId: 'b', name: 'Writer', by: localActor })
  expect(heard).toEqual(['a'])
})
