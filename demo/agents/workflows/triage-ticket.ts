import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const kinds = [
  { about: 'Cannot reset my password', kind: 'account', urgency: 'high', reply: 'We have sent you a new link.' },
  { about: 'Charged twice in November', kind: 'billing', urgency: 'high', reply: 'We refund the second charge today.' },
  { about: 'Where is my parcel?', kind: 'delivery', urgency: 'normal', reply: 'It reaches you tomorrow.' },
  { about: 'The app closes by itself', kind: 'bug', urgency: 'normal', reply: 'Version 4.2.1 fixes this.' },
  { about: 'Can I pay by invoice?', kind: 'question', urgency: 'low', reply: 'Yes, from 50 € on.' },
]

export const triageTicket: Workflow = {
  workflow: 'triage_ticket',
  inputs: {
    ticket: required('str', 'Number and text of the ticket'),
    queues: optional('list[str]', 'Queues to choose from', ['account', 'billing', 'delivery', 'bug', 'question']),
    draft_reply: optional('bool', 'Also draft a reply', true),
  },
  outputs: ['queue', 'urgency', 'confidence', 'reply'],
  message: madeUp,
  work: { seconds: [2.6, 6.5], tokens: [700, 2_600], usdPerToken: 0.0000021 },

  sample: (random) => ({ ticket: `#${random.whole(18_000, 18_400)} ${random.pick(kinds).about}` }),

  run(inputs) {
    const { ticket, draft_reply = true } = inputs as { ticket: string; draft_reply?: boolean }
    const found = kinds.find(({ about }) => ticket.includes(about))
    const { kind, urgency, reply } = found ?? { kind: 'question', urgency: 'normal', reply: 'We look into it.' }
    return { queue: kind, urgency, confidence: found ? 0.94 : 0.41, reply: draft_reply ? `Hello,\n\n${reply}` : '' }
  },
}
