-- ends: conversion
return 0 / 0
