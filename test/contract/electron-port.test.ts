import { wireScenarios } from './scenarios.ts'
import { electronPortKind } from './wires.ts'

wireScenarios(electronPortKind, "Electron's port")
