import { doctorReport } from '../../../renderer/text/doctor-report.ts'
import { voice } from '../../../renderer/text/say.ts'
import type { AccessRule, Examination } from '../../../shared/contract/doctor.ts'
import { plain } from '../table.ts'
import type { Views } from './types.ts'

const { say } = voice('en')

export const doctorViews: Views = {
  // What a port said stands in it: nothing of that may obey the terminal.
  'doctor.examine': (examination: Examination) =>
    doctorReport(examination, say)
      .split('\n')
      .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${plain(line.trimStart())}`)
      .join('\n'),
  'doctor.writeRule': ({ file }: AccessRule) => plain(say('doctor.ruleWritten', { file })),
}
