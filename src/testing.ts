export { RecordingHandler, type RecordedCall } from './embedding/testing/recording-handler.js';
export { VirtualClock } from './embedding/testing/virtual-clock.js';
