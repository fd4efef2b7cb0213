import type { Finding, FindingCode, FindingLevel } from '../../../../shared/contract/doctor.ts'

export function finding(code: FindingCode, level: FindingLevel, detail: Finding['detail'] = {}): Finding {
  return { code, level, detail }
}
