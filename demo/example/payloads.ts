import { topics } from '../agents/topics.ts'
import { type Inputs, type Outputs, usageOf, type Work } from '../agents/workflow.ts'
import type { Random } from '../random.ts'

const localWork: Work = { seconds: [2, 70], tokens: [600, 5200], usdPerToken: 0.0000006 }

/** One run of a flow that the Python program carried out itself. */
export function localPayload(random: Random): { inputs: Inputs; outputs: Outputs } & ReturnType<typeof usageOf> {
  const topic = random.pick(topics)
  return {
    inputs: { topic: topic.title, style: random.pick(['plain', 'bullet points']) },
    outputs: { result: topic.facts.slice(0, 2).join(' '), checked: true },
    ...usageOf(localWork, random),
  }
}

/** Inputs and outputs as older versions of the Python program left them behind: not JSON, or not quite. */
export const oddTexts: { inputs: string; outputs: string }[] = [
  { inputs: `{'topic': "AI's", 'x': None}`, outputs: `{'result': "It's done", 'checked': True}` },
  { inputs: '{"topic": "Coral bleaching", "threshold": NaN}', outputs: '{"score": NaN, "change": -Infinity}' },
  { inputs: 'None', outputs: 'None' },
]
