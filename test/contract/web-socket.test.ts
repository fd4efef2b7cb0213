import { wireScenarios } from './scenarios.ts'
import { webSocketKind } from './wires.ts'

wireScenarios(webSocketKind, 'WebSocket')
