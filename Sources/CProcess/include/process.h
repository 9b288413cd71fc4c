#ifndef EBB_CPROCESS_H
#define EBB_CPROCESS_H

/// Lets no core be written of this process and no other process of its user read its memory (PR_SET_DUMPABLE 0,
/// RLIMIT_CORE 0). Returns 0, or the errno of what the system refused.
int ebb_process_hide(void);

#endif
