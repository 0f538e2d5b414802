/** Version of the release that this dashboard belongs to; the build sets it. */
declare const __SLUICE_VERSION__: string;
