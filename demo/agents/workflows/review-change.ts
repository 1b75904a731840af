import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const files = ['src/payments/refund.ts', 'src/search/index.ts', 'src/mail/queue.ts', 'src/auth/session.ts']
const remarks = [
  'The retry has no upper limit',
  'This query runs once for each row',
  'The error is swallowed here',
  'The test asserts only that nothing throws',
]

export const reviewChange: Workflow = {
  workflow: 'review_change',
  inputs: {
    change: required('str', 'Number or URL of the change'),
    focus: optional('list[str]', 'What to look at', ['correctness', 'tests']),
    severity: optional("Literal['all', 'warnings', 'blockers']", 'Least severity to report', 'warnings'),
    max_remarks: optional('int', 'Remarks at most', 10),
  },
  outputs: ['verdict', 'review', 'remarks'],
  message: madeUp,
  work: {
    seconds: [13, 52],
    tokens: [5_200, 22_000],
    usdPerToken: 0.0000042,
    failureShare: 0.03,
    failures: ["node 'read_diff': the change is larger than 400 files"],
  },

  sample: (random) => ({
    change: `#${random.whole(2100, 2900)}`,
    ...(random.chance(0.4) && { focus: random.pick([['security'], ['performance', 'tests']]) }),
  }),

  run(inputs) {
    const { change, max_remarks = 10 } = inputs as { change: string; max_remarks?: number }
    const number = Number(/\d+/.exec(change)?.[0] ?? 0)
    const found = remarks.slice(0, Math.min(max_remarks, number % 4)).map((text, index) => ({
      file: files[(number + index) % files.length],
      line: 12 + ((number * (index + 3)) % 180),
      severity: index === 0 ? 'blocker' : 'warning',
      text,
    }))
    const lines = found.map(({ file, line, text }) => `1. \`${file}:${line}\`: ${text}.`)
    return {
      verdict: found.length === 0 ? 'approve' : 'request changes',
      review: found.length === 0 ? `## ${change}\n\nNothing to remark.` : `## ${change}\n\n${lines.join('\n')}`,
      remarks: found,
    }
  },
}
