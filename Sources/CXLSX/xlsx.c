#define _GNU_SOURCE
#include "CXLSX.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <xlsxwriter.h>

// The functions of the library, with the types that its headers give them.
static struct {
  typeof(&workbook_new) workbook_new;
  typeof(&workbook_add_worksheet) workbook_add_worksheet;
  typeof(&workbook_add_format) workbook_add_format;
  typeof(&workbook_close) workbook_close;
  typeof(&format_set_bold) format_set_bold;
  typeof(&format_set_num_format) format_set_num_format;
  typeof(&format_set_top) format_set_top;
  typeof(&worksheet_write_string) worksheet_write_string;
  typeof(&worksheet_write_number) worksheet_write_number;
  typeof(&worksheet_set_column) worksheet_set_column;
  typeof(&worksheet_freeze_panes) worksheet_freeze_panes;
} library;

static bool is_there;

static void find(void) {
  static const char *const names[] = {"libxlsxwriter.so.4", "libxlsxwriter.so.5", "libxlsxwriter.so"};
  void *handle = NULL;
  for (unsigned index = 0; !handle && index < sizeof names / sizeof *names; index++)
    handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
  if (!handle) return;
  is_there = true;
#define FIND(name) is_there = is_there && (library.name = (typeof(library.name))dlsym(handle, #name))
  FIND(workbook_new);
  FIND(workbook_add_worksheet);
  FIND(workbook_add_format);
  FIND(workbook_close);
  FIND(format_set_bold);
  FIND(format_set_num_format);
  FIND(format_set_top);
  FIND(worksheet_write_string);
  FIND(worksheet_write_number);
  FIND(worksheet_set_column);
  FIND(worksheet_freeze_panes);
#undef FIND
}

bool ebb_xlsx_is_there(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find);
  return is_there;
}

struct ebb_xlsx {
  lxw_workbook *book;
  lxw_worksheet *sheet;
  lxw_format *styles[EBB_XLSX_TOTAL_MONEY + 1];
};

ebb_xlsx *ebb_xlsx_open(const char *path) {
  if (!ebb_xlsx_is_there()) return NULL;
  ebb_xlsx *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->book = library.workbook_new(path);
  if (!self->book) {
    free(self);
    return NULL;
  }
  for (int style = EBB_XLSX_TEXT; style <= EBB_XLSX_TOTAL_MONEY; style++) {
    lxw_format *format = library.workbook_add_format(self->book);
    if (!format) continue;
    if (style == EBB_XLSX_TEXT) library.format_set_num_format(format, "@");
    if (style == EBB_XLSX_MONEY || style == EBB_XLSX_TOTAL_MONEY) library.format_set_num_format(format, "#,##0.00");
    if (style == EBB_XLSX_HEADING || style >= EBB_XLSX_TOTAL) library.format_set_bold(format);
    if (style >= EBB_XLSX_TOTAL) library.format_set_top(format, LXW_BORDER_THIN);
    self->styles[style] = format;
  }
  return self;
}

bool ebb_xlsx_sheet(ebb_xlsx *self, const char *name) {
  self->sheet = library.workbook_add_worksheet(self->book, name);
  return self->sheet != NULL;
}

bool ebb_xlsx_write_text(ebb_xlsx *self, unsigned row, unsigned short column, const char *text, int style) {
  return library.worksheet_write_string(self->sheet, row, column, text, self->styles[style]) == LXW_NO_ERROR;
}

bool ebb_xlsx_write_number(ebb_xlsx *self, unsigned row, unsigned short column, double number, int style) {
  return library.worksheet_write_number(self->sheet, row, column, number, self->styles[style]) == LXW_NO_ERROR;
}

void ebb_xlsx_width(ebb_xlsx *self, unsigned short column, double width) {
  library.worksheet_set_column(self->sheet, column, column, width, NULL);
}

void ebb_xlsx_freeze(ebb_xlsx *self, unsigned rows) { library.worksheet_freeze_panes(self->sheet, rows, 0); }

bool ebb_xlsx_close(ebb_xlsx *self) {
  lxw_error error = library.workbook_close(self->book);
  free(self);
  return error == LXW_NO_ERROR;
}
