// os: the clock of the branch that runs, in the zone of the host. The calendar is computed here, since the C library's would ask
// the machine for its zone.
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib.h"

enum { DAY = 86400 };

static int64_t zone_offset(lua_State *L, int64_t seconds) {
  ebb_context *context = ebb_ctx(L);
  if (context->callbacks.zone_offset == NULL) return 0;
  context->in_host += 1;  // the timer must not tear the script out of the host
  int64_t offset = context->callbacks.zone_offset(context->callbacks.host, seconds);
  context->in_host -= 1;
  return offset;
}

static int64_t floor_divide(int64_t value, int64_t by) { return value / by - (value % by < 0); }

static int64_t now(lua_State *L) { return floor_divide(ebb_ctx(L)->branch->now_ms, 1000); }

static bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int days_before_month(int64_t year, int month) {
  static const int days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  return days[month] + (month > 1 && is_leap(year));
}

// Days from 1970-01-01 to the first of January of a year.
static int64_t days_before_year(int64_t year) {
  int64_t past = year - 1;
  return 365 * (year - 1970) + (floor_divide(past, 4) - floor_divide(past, 100) + floor_divide(past, 400)) - 477;
}

// Splits local seconds into a date; false where the year is out of range.
static bool split(int64_t seconds, struct tm *date) {
  int64_t days = floor_divide(seconds, DAY), rest = seconds - days * DAY;
  int64_t year = 1970 + floor_divide(days, 366);
  if (year > INT_MAX || year < INT_MIN + 1900) return false;
  year = 1970 + (int64_t)((double)days / 365.2425);
  while (days_before_year(year) > days) year--;
  while (days_before_year(year + 1) <= days) year++;
  int day = (int)(days - days_before_year(year)), month = 11;
  while (days_before_month(year, month) > day) month--;
  *date = (struct tm){
      .tm_sec = (int)(rest % 60), .tm_min = (int)(rest / 60 % 60), .tm_hour = (int)(rest / 3600),
      .tm_mday = day - days_before_month(year, month) + 1, .tm_mon = month, .tm_year = (int)(year - 1900), .tm_yday = day,
      .tm_wday = (int)(((days + 4) % 7 + 7) % 7)};
  return true;
}

// MARK: - Date tables

static void set_field(lua_State *L, const char *name, int64_t value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, name);
}

// Sets the fields of a date in the table on top of the stack.
static void set_date(lua_State *L, const struct tm *date) {
  set_field(L, "year", (int64_t)date->tm_year + 1900);
  set_field(L, "month", date->tm_mon + 1);
  set_field(L, "day", date->tm_mday);
  set_field(L, "hour", date->tm_hour);
  set_field(L, "min", date->tm_min);
  set_field(L, "sec", date->tm_sec);
  set_field(L, "yday", date->tm_yday + 1);
  set_field(L, "wday", date->tm_wday + 1);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "isdst");
}

// A field of the table at index 1; `missing` stands in for it, where it is not negative.
static int64_t field(lua_State *L, const char *name, int64_t missing) {
  int is_integer;
  lua_pushstring(L, name);
  int type = lua_rawget(L, 1);
  int64_t value = lua_tointegerx(L, -1, &is_integer);
  if (!is_integer) {
    if (type != LUA_TNIL) luaL_error(L, "field '%s' is not an integer", name);
    if (missing < 0) luaL_error(L, "field '%s' missing in date table", name);
    value = missing;
  }
  lua_pop(L, 1);
  if (value < -(INT64_C(1) << 31) || value > INT64_C(1) << 31) luaL_error(L, "field '%s' is out-of-bound", name);
  return value;
}

static int os_time(lua_State *L) {
  if (lua_isnoneornil(L, 1)) {
    lua_pushinteger(L, now(L));
    return 1;
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  int64_t year = field(L, "year", -1), month = field(L, "month", -1) - 1, day = field(L, "day", -1);
  int64_t hour = field(L, "hour", 12), minute = field(L, "min", 0), second = field(L, "sec", 0);
  year += floor_divide(month, 12);
  month -= floor_divide(month, 12) * 12;
  int64_t local = (days_before_year(year) + days_before_month(year, (int)month) + day - 1) * DAY;
  local += hour * 3600 + minute * 60 + second;
  int64_t seconds = local - zone_offset(L, local - zone_offset(L, local));
  struct tm date;
  if (!split(seconds + zone_offset(L, seconds), &date)) {
    return luaL_error(L, "time result cannot be represented in this installation");
  }
  set_date(L, &date);  // what was out of range, e.g. the 32nd, is carried over
  lua_pushinteger(L, seconds);
  return 1;
}

// MARK: - Text

// The length of the conversion behind a '%', or 0 where it is none of C99's.
static size_t conversion_size(const char *p, const char *end) {
  static const char plain[] = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
  static const char after_e[] = "cCxXyY", after_o[] = "deHImMSuUVwWy";
  if (p < end && *p != '\0' && strchr(plain, *p) != NULL) return 1;
  if (end - p < 2 || p[1] == '\0') return 0;
  const char *allowed = *p == 'E' ? after_e : *p == 'O' ? after_o : "";
  return strchr(allowed, p[1]) != NULL ? 2 : 0;
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void add_date(lua_State *L, luaL_Buffer *buffer, const char *format, const char *end, const struct tm *date) {
  size_t work = 0;
  while (format < end) {
    const char *percent = memchr(format, '%', (size_t)(end - format));
    luaL_addlstring(buffer, format, (size_t)((percent == NULL ? end : percent) - format));
    if (percent == NULL) return;
    size_t size = conversion_size(percent + 1, end);
    if (size == 0) {
      size_t shown = (size_t)(end - percent) < 3 ? (size_t)(end - percent) : percent[1] == 'E' || percent[1] == 'O' ? 3 : 2;
      lua_pushlstring(L, percent, shown);
      luaL_argerror(L, 1, lua_pushfstring(L, "invalid conversion specifier '%s'", lua_tostring(L, -1)));
    }
    char form[4] = "%";
    memcpy(form + 1, percent + 1, size);
    char *to = luaL_prepbuffsize(buffer, 256);
    luaL_addsize(buffer, strftime(to, 256, form, date));
    format = percent + 1 + size;
    ebb_spend(L, &work, 16);
  }
}

static int os_date(lua_State *L) {
  size_t size;
  const char *format = luaL_optlstring(L, 1, "%c", &size), *end = format + size;
  int64_t seconds = lua_isnoneornil(L, 2) ? now(L) : luaL_checkinteger(L, 2), offset = 0;
  struct tm date;
  char zone[16] = "UTC";
  if (*format == '!') format++;
  else offset = zone_offset(L, seconds);
  if (__builtin_add_overflow(seconds, offset, &seconds) || !split(seconds, &date)) {
    return luaL_error(L, "date result cannot be represented in this installation");
  }
  if (offset != 0) {
    int minutes = (int)((offset < 0 ? -offset : offset) / 60 % 6000);
    snprintf(zone, sizeof zone, "%c%02d%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
  }
  date.tm_gmtoff = (long)offset;
  date.tm_zone = zone;
  if (strcmp(format, "*t") == 0) {
    lua_createtable(L, 0, 9);
    set_date(L, &date);
    return 1;
  }
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  add_date(L, &buffer, format, end, &date);
  luaL_pushresult(&buffer);
  return 1;
}

// The time a script has used is no matter of its own: it differs from replay to replay.
static int os_clock(lua_State *L) {
  lua_pushnumber(L, 0);
  return 1;
}

void ebb_open_os(lua_State *L) {
  static const luaL_Reg functions[] = {{"clock", os_clock}, {"date", os_date}, {"time", os_time}, {NULL, NULL}};
  lua_createtable(L, 0, 4);
  ebb_set_stock(L, EBB_STOCK_OS);
  luaL_setfuncs(L, functions, 0);
  lua_setglobal(L, LUA_OSLIBNAME);
}
