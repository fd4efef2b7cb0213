import type { DeviceView } from '../../../shared/model/device.ts'
import { DoctorView } from './doctor-view.tsx'

/** The doctor for where the device answers, or for the whole laptop while it is nowhere. */
export function DoctorTab(props: { readonly device: DeviceView }) {
  return <DoctorView address={props.device.link?.address ?? null} />
}
