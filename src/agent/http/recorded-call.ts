import { AgentFailure } from './failure.ts'
import type { ExchangeRecord, OnRecord } from './record.ts'

export type RecordedCall<Answer> = { record: ExchangeRecord | undefined } & (
  | { answer: Answer; failure: undefined }
  | { answer: undefined; failure: AgentFailure }
)

/** Rejects only with errors of ours. */
export async function recordedCall<Answer>(
  call: (onRecord: OnRecord) => Promise<Answer>,
): Promise<RecordedCall<Answer>> {
  let record: ExchangeRecord | undefined
  const onRecord = (made: ExchangeRecord) => {
    record = made
  }
  try {
    const answer = await call(onRecord)
    return { answer, failure: undefined, record }
  } catch (failure) {
    if (!(failure instanceof AgentFailure)) throw failure
    return { answer: undefined, failure, record }
  }
}
