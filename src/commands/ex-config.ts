/** The exit code for a setting that is not valid (EX_CONFIG of sysexits.h). */
export const EX_CONFIG = 78;
