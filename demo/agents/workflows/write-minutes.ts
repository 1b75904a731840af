import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const meetings = ['Weekly sync', 'Incident review', 'Roadmap 2027', 'Budget']

export const writeMinutes: Workflow = {
  workflow: 'write_minutes',
  inputs: {
    recording: required('str', 'Recording of the meeting'),
    attendees: optional('list[str]', 'Who was there', []),
    style: optional("Literal['decisions', 'full']", 'How much to write down', 'decisions'),
  },
  outputs: ['minutes', 'decisions', 'tasks'],
  message: madeUp,
  work: { seconds: [16, 58], tokens: [4_900, 17_000], usdPerToken: 0.0000031 },

  sample: (random) => ({
    recording: `${random.pick(meetings)}.m4a`,
    ...(random.chance(0.6) && {
      attendees: random.pick([
        ['Ada', 'Grace'],
        ['Edsger', 'Barbara', 'Ken'],
      ]),
    }),
  }),

  run(inputs) {
    const { recording, attendees = [] } = inputs as { recording: string; attendees?: string[] }
    const title = recording.replace(/\.\w+$/, '')
    const owner = attendees[0] ?? 'Ada'
    return {
      minutes: [
        `# ${title}`,
        attendees.length > 0 ? `Present: ${attendees.join(', ')}.` : 'Nobody was named.',
        '## Decisions',
        '1. The release is on Thursday.\n2. The old API stays until March.',
        '## Tasks',
        '| Task | Owner |\n|---|---|\n'.concat(`| Write the announcement | ${owner} |`),
      ].join('\n\n'),
      decisions: ['The release is on Thursday.', 'The old API stays until March.'],
      tasks: [{ task: 'Write the announcement', owner }],
    }
  },
}
