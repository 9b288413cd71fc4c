-- ends: conversion
local t = {}
t.t = t
return t
