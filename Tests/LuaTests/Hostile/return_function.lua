-- ends: conversion
return function() end
