#ifndef EBB_CXLSX_H
#define EBB_CXLSX_H

#include <stdbool.h>

// Spreadsheets by Debian's libxlsxwriter, which is looked for when the first is written: a machine that writes none does not
// need it.

/// A spreadsheet that is being written.
typedef struct ebb_xlsx ebb_xlsx;

/// How a cell looks.
enum ebb_xlsx_style { EBB_XLSX_PLAIN = 0, EBB_XLSX_TEXT, EBB_XLSX_HEADING, EBB_XLSX_MONEY, EBB_XLSX_TOTAL, EBB_XLSX_TOTAL_MONEY };

/// Whether the library is on this machine.
bool ebb_xlsx_is_there(void);

/// Begins a spreadsheet in that file; NULL where the library is missing or there is no memory.
ebb_xlsx *ebb_xlsx_open(const char *path);

/// Begins a sheet, on which all that follows is written; false where the name is not allowed.
bool ebb_xlsx_sheet(ebb_xlsx *book, const char *name);

bool ebb_xlsx_write_text(ebb_xlsx *book, unsigned row, unsigned short column, const char *text, int style);
bool ebb_xlsx_write_number(ebb_xlsx *book, unsigned row, unsigned short column, double number, int style);

/// Sets a column's width, in characters.
void ebb_xlsx_width(ebb_xlsx *book, unsigned short column, double width);

/// Keeps the first rows in sight.
void ebb_xlsx_freeze(ebb_xlsx *book, unsigned rows);

/// Writes the file and frees the spreadsheet; false where the file could not be written.
bool ebb_xlsx_close(ebb_xlsx *book);

#endif
