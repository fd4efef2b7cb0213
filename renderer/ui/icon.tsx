import { ObiAlertList } from '@oicl/openbridge-webcomponents-react/icons/icon-alert-list'
import { ObiApplicationOpenGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-application-open-google'
import { ObiArrowRightGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-arrow-right-google'
import { ObiCheckGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-check-google'
import { ObiChevronDoubleRightGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-chevron-double-right-google'
import { ObiChevronDownGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-chevron-down-google'
import { ObiChevronLeftGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-chevron-left-google'
import { ObiChevronRightGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-chevron-right-google'
import { ObiCloseGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-close-google'
import { ObiContentCopyGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-content-copy-google'
import { ObiDelete } from '@oicl/openbridge-webcomponents-react/icons/icon-delete'
import { ObiDiagnosticGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-diagnostic-google'
import { ObiEthernetGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-ethernet-google'
import { ObiFileDownloadGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-file-download-google'
import { ObiFileUploadGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-file-upload-google'
import { ObiHelp } from '@oicl/openbridge-webcomponents-react/icons/icon-help'
import { ObiHistoryGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-history-google'
import { ObiInProgress1 } from '@oicl/openbridge-webcomponents-react/icons/icon-in-progress-1'
import { ObiInfo } from '@oicl/openbridge-webcomponents-react/icons/icon-info'
import { ObiInputKeyboardGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-input-keyboard-google'
import { ObiLicenseGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-license-google'
import { ObiLink } from '@oicl/openbridge-webcomponents-react/icons/icon-link'
import { ObiListAltCheckGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-list-alt-check-google'
import { ObiLocationGeneric } from '@oicl/openbridge-webcomponents-react/icons/icon-location-generic'
import { ObiLogOpenGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-log-open-google'
import { ObiMediaPause } from '@oicl/openbridge-webcomponents-react/icons/icon-media-pause'
import { ObiMediaPlay } from '@oicl/openbridge-webcomponents-react/icons/icon-media-play'
import { ObiMediaStop } from '@oicl/openbridge-webcomponents-react/icons/icon-media-stop'
import { ObiMenuIec } from '@oicl/openbridge-webcomponents-react/icons/icon-menu-iec'
import { ObiPaletteDay } from '@oicl/openbridge-webcomponents-react/icons/icon-palette-day'
import { ObiPaletteDayBright } from '@oicl/openbridge-webcomponents-react/icons/icon-palette-day-bright'
import { ObiPaletteDayNightIec } from '@oicl/openbridge-webcomponents-react/icons/icon-palette-day-night-iec'
import { ObiPaletteDusk } from '@oicl/openbridge-webcomponents-react/icons/icon-palette-dusk'
import { ObiPaletteNight } from '@oicl/openbridge-webcomponents-react/icons/icon-palette-night'
import { ObiPrint } from '@oicl/openbridge-webcomponents-react/icons/icon-print'
import { ObiRefreshGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-refresh-google'
import { ObiSatelliteFull } from '@oicl/openbridge-webcomponents-react/icons/icon-satellite-full'
import { ObiSatelliteOff } from '@oicl/openbridge-webcomponents-react/icons/icon-satellite-off'
import { ObiSearch } from '@oicl/openbridge-webcomponents-react/icons/icon-search'
import { ObiSettingsIec } from '@oicl/openbridge-webcomponents-react/icons/icon-settings-iec'
import { ObiSimulation } from '@oicl/openbridge-webcomponents-react/icons/icon-simulation'
import { ObiSyncGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-sync-google'
import { ObiTimerGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-timer-google'
import { ObiUndoIec } from '@oicl/openbridge-webcomponents-react/icons/icon-undo-iec'
import { ObiUsb } from '@oicl/openbridge-webcomponents-react/icons/icon-usb'
import { ObiUser } from '@oicl/openbridge-webcomponents-react/icons/icon-user'
import { ObiVisibilityOnGoogle } from '@oicl/openbridge-webcomponents-react/icons/icon-visibility-on-google'
import './icon.css'

/** OpenBridge's icons under the names of what they mean here. */
const ICONS = {
  alerts: ObiAlertList,
  'arrow-right': ObiArrowRightGoogle,
  audit: ObiLogOpenGoogle,
  back: ObiChevronLeftGoogle,
  check: ObiCheckGoogle,
  close: ObiCloseGoogle,
  copy: ObiContentCopyGoogle,
  delete: ObiDelete,
  diagnosis: ObiDiagnosticGoogle,
  down: ObiChevronDownGoogle,
  download: ObiFileDownloadGoogle,
  forward: ObiChevronRightGoogle,
  hands: ObiVisibilityOnGoogle,
  help: ObiHelp,
  history: ObiHistoryGoogle,
  info: ObiInfo,
  keyboard: ObiInputKeyboardGoogle,
  link: ObiLink,
  menu: ObiMenuIec,
  network: ObiEthernetGoogle,
  offline: ObiSatelliteOff,
  online: ObiSatelliteFull,
  open: ObiApplicationOpenGoogle,
  operator: ObiUser,
  palette: ObiPaletteDayNightIec,
  'palette-bright': ObiPaletteDayBright,
  'palette-day': ObiPaletteDay,
  'palette-dusk': ObiPaletteDusk,
  'palette-night': ObiPaletteNight,
  pause: ObiMediaPause,
  plans: ObiListAltCheckGoogle,
  play: ObiMediaPlay,
  print: ObiPrint,
  refresh: ObiRefreshGoogle,
  runs: ObiInProgress1,
  search: ObiSearch,
  settings: ObiSettingsIec,
  simulation: ObiSimulation,
  site: ObiLocationGeneric,
  slide: ObiChevronDoubleRightGoogle,
  stop: ObiMediaStop,
  sync: ObiSyncGoogle,
  time: ObiTimerGoogle,
  trust: ObiLicenseGoogle,
  undo: ObiUndoIec,
  upload: ObiFileUploadGoogle,
  usb: ObiUsb,
} as const

export type IconName = keyof typeof ICONS

/** A picture beside words, never instead of them: hidden from screen readers. */
export function Icon(props: { readonly name: IconName; readonly slot?: string; readonly size?: 'small' | 'large' }) {
  const Picture = ICONS[props.name]
  const slot = props.slot === undefined ? {} : { slot: props.slot }
  return <Picture {...slot} className={`icon ${props.size ?? ''}`} aria-hidden="true" />
}
