import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const changes = [
  'Search finds runs by the first characters of their ID',
  'Exports keep every digit of large numbers',
  'A paused agent can still be executed',
  'Charts follow the time zone of the reader',
  'Retries wait longer after each refusal',
]

export const writeReleaseNotes: Workflow = {
  workflow: 'write_release_notes',
  inputs: {
    version: required('str', 'Version to describe'),
    since: optional('str', 'Tag to start from', 'last release'),
    tone: optional("Literal['plain', 'friendly']", 'How to say it', 'plain'),
  },
  outputs: ['notes', 'changes'],
  message: madeUp,
  work: { seconds: [11, 32], tokens: [3_400, 9_800], usdPerToken: 0.0000044 },

  sample: (random) => ({ version: `4.${random.whole(0, 5)}.${random.whole(0, 9)}` }),

  run({ version }) {
    const count = 3 + (String(version).length % 3)
    const list = changes.slice(0, count)
    return {
      notes: `# ${version}\n\n${list.map((change) => `- ${change}.`).join('\n')}\n\nThank you to everyone who reported problems.`,
      changes: list.length,
    }
  },
}
